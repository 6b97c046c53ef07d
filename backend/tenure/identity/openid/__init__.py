"""Users who sign in through an OpenID Connect provider."""
