"""Moving unbilled charges when the payer of a bill unit changes (rules 5.3)."""
