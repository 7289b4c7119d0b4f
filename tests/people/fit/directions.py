"""Step 5: directions of the whitened latent: female, age, dark_skin.

One linear model of all labels at once, so that `age` does not carry what goes with sex or with a closed mouth.
"""

import numpy as np


def fit(
    latent: np.ndarray, shapes: int, labels: dict[str, np.ndarray], measures: dict[str, np.ndarray]
) -> dict[str, dict]:
    """Directions over latent [N, M + K] (shape first) for labels (NaN = not told) and for measures (told for all)."""
    out: dict[str, dict] = {}
    wanted = [name for name in ("female", "age") if (~np.isnan(labels[name])).sum() >= 60]
    helpers = [name for name in ("closed", "glasses") if wanted]
    if wanted:
        told = ~np.isnan(np.stack([labels[name] for name in wanted])).any(axis=0)
        known = np.stack([labels[name][told] for name in wanted + helpers] + [np.ones(told.sum())], axis=1)
        slopes = np.linalg.lstsq(known, latent[told], rcond=None)[0]
        for name, slope in zip(wanted, slopes):
            # Entries no larger than chance are shrunk away.
            chance = 1.0 / np.sqrt(told.sum() * max(float(labels[name][told].var()), 1e-3))
            slope = np.sign(slope) * np.maximum(np.abs(slope) - chance, 0)
            out[name] = _direction(slope, latent, shapes)
            along = latent[told] @ _unit(slope)
            for value, word in ((0.0, "men"), (1.0, "women")) if name == "female" else ((-1.0, "young"), (1.0, "old")):
                out[name][word] = float(along[labels[name][told] == value].mean())
    for name, measure in measures.items():
        slope = latent.T @ (measure - measure.mean()) / (len(measure) * measure.std())
        slope = np.sign(slope) * np.maximum(np.abs(slope) - 1.0 / np.sqrt(len(measure)), 0)
        out[name] = _direction(slope, latent, shapes)
    return out


def _unit(slope: np.ndarray) -> np.ndarray:
    return slope / max(float(np.linalg.norm(slope)), 1e-9)


def _direction(slope: np.ndarray, latent: np.ndarray, shapes: int) -> dict:
    unit = _unit(slope)
    along = latent @ unit
    rounded = [float(f"{value:.4f}") for value in unit]
    spread = {"mean": float(along.mean()), "spread": float(along.std())}
    return {"shape": rounded[:shapes], "texture": rounded[shapes:], **spread}
