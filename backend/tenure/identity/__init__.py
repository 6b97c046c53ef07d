"""Who acts: people, clients of partner systems, their roles and sessions."""
