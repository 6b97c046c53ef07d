"""What a customer has: services and purchased offers."""
