"""Settings, addresses, servers, home pages: assembled from what the rooms register."""
