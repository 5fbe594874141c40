"""Assessments: visits with their teams, ratings as they were made, settled differences, the lock that writes evidence."""
