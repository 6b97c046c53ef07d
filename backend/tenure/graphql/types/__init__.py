"""GraphQL types: one module for each subject."""
