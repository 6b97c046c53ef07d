"""The lowest package: settings, errors, time, money, database, unit of work. No business rules."""
