"""Where the package's parts lie; everything else about it stands in pyproject.toml.

The packs live beside the source, so that whoever writes content never enters it, and travel in the wheel as `beiji/_packs`.
"""

from setuptools import find_namespace_packages, setup

setup(
    packages=[*find_namespace_packages("src"), "beiji._packs"],
    package_dir={"": "src", "beiji._packs": "packs"},
    package_data={"": ["**/*"]},
    exclude_package_data={"": ["**/__pycache__/*", "*.pyc"]},
)
