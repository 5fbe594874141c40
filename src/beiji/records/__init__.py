"""What every room leaves behind: audit lines, attachments, operations, events; and the registries rooms fill."""
