"""Input tables as Ibis expressions, made from their declarations and bound to no database."""
