"""Our runner behind the form "Create job" of JupyterLab: an adapter for jupyter-scheduler (extra `scheduler`).

`origin` keeps beside a job's copy of a notebook where it came from, `running` starts the run in the
project's Python and hears what became of it, `child` is that run, and `scheduler` alone knows
jupyter-scheduler. Importing this package imports none of them.
"""

from __future__ import annotations

SETTINGS = {
    "SchedulerApp.scheduler_class": "workbench.lab.scheduler.ReportScheduler",
    "SchedulerApp.environment_manager_class": "workbench.lab.scheduler.ReportEnvironments",
}
"""What JupyterLab's server must be told."""
