"""The floor of the house: settings, errors, time, money, the database and the unit. Knows nothing of the business."""
