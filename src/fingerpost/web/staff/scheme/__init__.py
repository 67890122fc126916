"""The queue, today, people, contacts, plans, measures, connections and closing."""
