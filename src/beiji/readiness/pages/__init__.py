"""What each page of this room says, as frozen dataclasses of finished words and numbers; screen and print share them."""
