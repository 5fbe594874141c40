"""Examples in the demo city for the addresses of this room."""

from beiji.plans import access

ARGUMENTS = {"subject": lambda: "ginkgo"}
DOORS = ((access, "reads_plans", "plans:plans"),)
