"""Load the target-sentiment model that the settings name (import path or entry point), and fingerprint its version."""

from __future__ import annotations

import hashlib
from importlib import import_module, metadata, util
from pathlib import Path

from workbench.annotate.target_sentiment.scorer import TargetSentimentModel
from workbench.errors import BadSettings
from workbench.settings.target_sentiment import DEFAULT_MODEL

GROUP = "workbench.judges"  # of entry points


def load_model(name: str) -> TargetSentimentModel:
    """The judge of this name: `package.module:function`, or an entry point of `workbench.judges`.

    Raises BadSettings when there is none, or what is there cannot be called.
    """
    path = _path(name)
    module, _, attribute = path.partition(":")
    try:
        target = import_module(module)
        for part in attribute.split("."):
            target = getattr(target, part)
    except (ImportError, AttributeError, ValueError) as error:
        raise BadSettings(
            "target_sentiment.toml",
            problem=f"the judge {name!r} cannot be loaded: {error}",
            hint=f"install the package that has it, or leave the line out for {DEFAULT_MODEL}",
        ) from error
    if not callable(target):
        raise BadSettings(
            "target_sentiment.toml",
            problem=f"the judge {name!r} is no function",
            hint='write "package.module:function"',
        )
    model: TargetSentimentModel = target
    return model


def model_fingerprint(name: str) -> str:
    """What tells one version of a judge from another: its path, its module's bytes, its package's version.

    Loads nothing but the packages above the module; a judge that is not there is "absent".
    """
    path = _path(name)
    module = path.partition(":")[0]
    try:
        spec = util.find_spec(module)
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        return f"{path} absent"
    origin = Path(spec.origin or "")
    code = hashlib.sha256(origin.read_bytes()).hexdigest()[:16] if origin.is_file() else ""
    return f"{path} {code} {_versions(module)}"


def _path(name: str) -> str:
    """The import path of a judge: the name itself, or what its entry point says."""
    if ":" in name:
        return name
    entry_points = [point.value for point in metadata.entry_points(group=GROUP, name=name)]
    return entry_points[0] if entry_points else f"{name}:{name.rpartition('.')[2]}"


def _versions(module: str) -> str:
    names = sorted(set(metadata.packages_distributions().get(module.partition(".")[0], [])))
    return " ".join(f"{distribution}={metadata.version(distribution)}" for distribution in names)
