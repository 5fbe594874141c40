"""What each page of this room shows, as frozen dataclasses of finished words."""
