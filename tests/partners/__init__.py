"""Tests of what partner systems read and copy: the guide, the clients, the collection."""
