"""Assets of customers: services and purchased offers."""
