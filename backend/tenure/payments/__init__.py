"""Payment methods, payments and gateways."""
