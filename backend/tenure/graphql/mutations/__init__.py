"""GraphQL mutations: one module for each subject."""
