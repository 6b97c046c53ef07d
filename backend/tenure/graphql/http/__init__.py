"""GraphQL over HTTP and WebSocket: view, limits, sockets, errors."""
