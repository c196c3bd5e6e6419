"""What starts the scheduler: a systemd timer, a cron line, a Windows task. Printed, never installed."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

EVERY = 15  # minutes between two ticks; a slot begun within an hour is in time


def installs(project: Path, python: str = sys.executable) -> str:
    """All three, each with where it goes."""
    tick = [python, "-m", "workbench", "schedule", "tick"]
    return "\n\n".join([_systemd(project, tick), _cron(project, tick), _windows(project, python)]) + "\n"


def _systemd(project: Path, tick: list[str]) -> str:
    place = str(project).replace("%", "%%")
    command = " ".join(_systemd_word(word) for word in tick)
    return f"""\
# Linux with systemd: two files in ~/.config/systemd/user, then
#   systemctl --user daemon-reload; systemctl --user enable --now workbench.timer; loginctl enable-linger

# workbench.service
[Unit]
Description=Reports of the analyst workbench that are due
[Service]
Type=oneshot
WorkingDirectory={place}
ExecStart={command}
# secrets such as WORKBENCH_SMTP_PASSWORD; the file belongs to you alone (chmod 600)
EnvironmentFile=-%h/.config/workbench.env
TimeoutStopSec=60

# workbench.timer
[Unit]
Description=Every {EVERY} minutes, and at once after an outage
[Timer]
OnCalendar=*:0/{EVERY}
Persistent=true
[Install]
WantedBy=timers.target"""


def _systemd_word(word: str) -> str:
    safe = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{safe}"' if any(c in safe for c in " \t\"'\\") else safe


def _cron(project: Path, tick: list[str]) -> str:
    # cron reads % as the end of the line
    line = f"cd {shlex.quote(str(project))} && {shlex.join(tick)} >/dev/null".replace("%", "\\%")
    return (
        f"# Any Unix: one line, added with `crontab -e`; cron mails what goes wrong\n*/{EVERY} * * * * {line}"
    )


def _windows(project: Path, python: str) -> str:
    def text(value: str) -> str:
        return "'" + value.replace("'", "''") + "'"

    return f"""\
# Windows: in PowerShell, once
$do = New-ScheduledTaskAction -Execute {text(python)} -Argument '-m workbench schedule tick' -WorkingDirectory {text(str(project))}
$when = New-ScheduledTaskTrigger -Once -At (Get-Date) -RepetitionInterval (New-TimeSpan -Minutes {EVERY})
$how = New-ScheduledTaskSettingsSet -StartWhenAvailable -MultipleInstances IgnoreNew
Register-ScheduledTask -TaskName 'workbench' -Action $do -Trigger $when -Settings $how"""
