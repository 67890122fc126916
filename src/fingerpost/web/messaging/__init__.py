"""What is sent to anybody: put in an outbox with its cause, delivered by the worker, never lost."""
