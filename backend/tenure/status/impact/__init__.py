"""What a status change affects."""
