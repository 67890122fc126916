"""The demo on one machine: its database, its processes, and the screen that says where to look."""

from fingerpost.localstack.demo.run import DemoOptions, run_demo

__all__ = ["DemoOptions", "run_demo"]
