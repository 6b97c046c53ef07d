"""What needs somebody today, and figures by month: accounts by status, revenue."""
