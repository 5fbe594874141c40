"""Backups: one file holds the database, the attached files and what is needed to judge them.

`manifest` says what a backup is and whether it fits; `envelope` writes and reads the file; `sqlite` and `postgresql` take
the database out and put it in; `making` and `restoring` are the two commands.
"""
