"""The edge that partner systems and the page talk to: one GraphQL module per noun, and the means that they share."""
