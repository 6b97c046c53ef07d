"""Bills and their items: charges are summed as they are posted, and billed once per cycle (rules
6).
"""
