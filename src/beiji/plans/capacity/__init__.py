"""The capacity timetable of a hospital that people fill: its places, its way into the engine, the questions it raises."""
