"""What is sent to anybody: written to an outbox with the change it tells of, delivered by the worker, never lost."""
