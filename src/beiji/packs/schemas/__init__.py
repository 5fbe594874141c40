"""What each kind of pack may hold: frozen pydantic models, one module per kind."""
