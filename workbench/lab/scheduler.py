"""The one door to jupyter-scheduler: its form, its store and its calendar, with our runner behind them.

Named in JupyterLab's configuration (`workbench.lab.SETTINGS`). Notebooks are run by us where the form's
environment is `workbench`, and as before in every other.
"""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import psutil
from jupyter_scheduler.environments import CondaEnvironmentManager
from jupyter_scheduler.exceptions import SchedulerError
from jupyter_scheduler.executors import DefaultExecutionManager
from jupyter_scheduler.models import RuntimeEnvironment, Status
from jupyter_scheduler.orm import Job
from jupyter_scheduler.scheduler import Scheduler
from jupyter_scheduler.utils import get_utc_timestamp
from traitlets import Unicode, default

from workbench.errors import WorkbenchError
from workbench.lab.run import (
    LabOutcome,
    LabRequest,
    copy_results,
    keep_origin,
    read_origin,
    refuse_early,
    run_in_project,
)

ENVIRONMENT = "workbench"  # its name in the form's list of environments
_FORMS = {"html": "HTML", "pdf": "PDF", "docx": "Word", "ipynb": "Notebook"}
_EXTRA = ("pdf", "docx")
_LONGEST = 1000  # characters; the message's column has 1,024


class ReportEnvironments(CondaEnvironmentManager):  # type: ignore[misc] # untyped
    """The environment `workbench` first, with the formats its Python can make; then those of before."""

    python = sys.executable

    def list_environments(self) -> list[RuntimeEnvironment]:
        """What the form offers."""
        ours = RuntimeEnvironment(
            name=ENVIRONMENT,
            label=ENVIRONMENT,  # the form knows an environment by its label
            description="The notebook as a report of its project, run by the workbench",
            file_extensions=["ipynb"],
            output_formats=list(formats_of(self.python)),
            metadata={"path": self.python},
        )
        return [ours, *super().list_environments()]

    def output_formats_mapping(self) -> dict[str, str]:
        """Every format with its name in the form."""
        return dict(_FORMS)


class ReportScheduler(Scheduler):  # type: ignore[misc] # untyped
    """jupyter-scheduler's own, which remembers of each copy where it came from and refuses early."""

    python = Unicode(
        sys.executable, config=True, help="The Python of the projects, where it is not JupyterLab's own."
    )

    @default("execution_manager_class")
    def _ours(self) -> type[ReportExecution]:
        return ReportExecution

    @default("output_directory")
    def _below_the_reports(self) -> str:
        return "reports/jupyterlab"  # its own default, `jobs`, is where a project keeps its job files

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.environments_manager, ReportEnvironments):
            self.environments_manager.python = self.python
        self._mend()

    def create_job(self, model: Any) -> str:
        """Refuse what the run would be refused for, then go on as before.

        Until its process is up, jupyter-scheduler calls a job stopped; it is created.
        """
        self._check(model)
        job = str(super().create_job(model))
        with self.db_session() as session:
            fresh = session.query(Job).filter(Job.job_id == job, Job.start_time.is_(None))
            fresh.filter(Job.status == Status.STOPPED).update({"status": Status.CREATED})
            session.commit()
        return job

    def create_job_definition(self, model: Any) -> str:
        """So too for a schedule."""
        self._check(model)
        return str(super().create_job_definition(model))

    def copy_input_file(self, input_uri: str, copy_to_path: str) -> None:
        """Copy a notebook and keep where it came from."""
        super().copy_input_file(input_uri, copy_to_path)
        keep_origin(Path(copy_to_path), self._place(input_uri), self.python)

    def copy_input_folder(self, input_uri: str, nb_copy_to_path: str) -> list[str]:
        """So too where the folder is copied with it."""
        copied = list(super().copy_input_folder(input_uri, nb_copy_to_path))
        keep_origin(Path(nb_copy_to_path), self._place(input_uri), self.python)
        return copied

    def _place(self, input_uri: str) -> Path:
        return Path(self.root_dir).expanduser().absolute() / input_uri

    def _check(self, model: Any) -> None:
        place = self._place(model.input_uri)
        if model.runtime_environment_name != ENVIRONMENT or not place.is_file():
            return
        if getattr(model, "job_definition_id", None):
            return  # nobody looks at a form: such a job is made, and fails with its reason
        origin = read_origin(place)
        try:
            refuse_early(place, Path(origin.notebook) if origin else place, model.parameters or {})
        except WorkbenchError as error:
            raise SchedulerError(told(error, self.root_dir)) from error

    def _mend(self) -> None:
        """A job of ours that runs no more and says that it does was cut short with its server."""
        with self.db_session() as session:
            for job in session.query(Job).filter(Job.runtime_environment_name == ENVIRONMENT):
                if job.status in _AT_WORK and not psutil.pid_exists(job.pid or 0):
                    job.status, job.status_message = Status.FAILED, "JupyterLab's server ended while it ran"
            session.commit()


_AT_WORK = (Status.CREATED, Status.QUEUED, Status.IN_PROGRESS, Status.STOPPING)


class ReportExecution(DefaultExecutionManager):  # type: ignore[misc] # untyped
    """A job in a process of its own: the report of its notebook, and its files where the job wants them."""

    became = LabOutcome("")

    def execute(self) -> None:
        """Run the notebook by the workbench in our environment, else as before."""
        job = self.model
        if job.runtime_environment_name != ENVIRONMENT:
            super().execute()
            return
        copy = self.staging_paths["input"]
        origin = read_origin(Path(copy))
        source, python = (origin.notebook, origin.python) if origin else (copy, sys.executable)
        wanted = LabRequest(copy, source, job.parameters or {}, job.output_formats or [])
        self.became = run_in_project(wanted, python)
        copy_results(self.became, self.staging_paths, job.output_formats or [])
        if self.became.state == "failed":
            raise Failed(self.became.said)

    def process(self) -> None:
        """As before; what is interrupted says so."""
        try:
            super().process()
        except KeyboardInterrupt:
            self._leave(Status.STOPPED, "stopped with JupyterLab's server")

    def on_failure(self, e: Exception) -> None:
        """The state with its reason: problem, place and hint."""
        if not isinstance(e, WorkbenchError | Failed):
            super().on_failure(e)
            return
        self._leave(Status.FAILED, told(e, self.root_dir))

    def on_complete(self) -> None:
        """A degraded report is there, and the message says what it lacks."""
        said = f"degraded: {self.became.said}" if self.became.state == "degraded" else self.became.said
        self._leave(Status.COMPLETED, said.replace(f"{self.root_dir}/", ""))

    def _leave(self, status: Status, message: str) -> None:
        message = message if len(message) <= _LONGEST else message[: _LONGEST - 1] + "…"
        with self.db_session() as session:
            session.query(Job).filter(Job.job_id == self.job_id).update(
                {"status": status, "status_message": message or None, "end_time": get_utc_timestamp()}
            )
            session.commit()


class Failed(Exception):
    """A report that failed, in words that are already said."""


def told(error: Exception, root: str) -> str:
    """An error in one line, its place seen from the server's root, as the form shows files."""
    said = str(error)
    if isinstance(error, WorkbenchError):
        said = f"{error.place}: {error.problem}. {error.hint}"
    return said.replace(f"{root.rstrip('/')}/", "")


@cache
def formats_of(python: str) -> tuple[str, ...]:
    """The formats that a Python can make, in the form's order; PDF and Word need an extra of their own.

    It is asked once, in a process of its own: what draws PDF must not be loaded into JupyterLab's server.
    """
    able = [name for name in _EXTRA if _can(python, name)]
    return tuple(name for name in _FORMS if name not in _EXTRA or name in able)


def _can(python: str, name: str) -> bool:
    code = "import sys; from workbench.report.formats import ready; ready(sys.argv[1:])"
    try:
        asked = subprocess.run([python, "-c", code, name], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False  # the run itself will say what is wrong with it
    return asked.returncode == 0
