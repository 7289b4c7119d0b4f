"""Places on the sharp mean face, found by looking at it enlarged. The mean does not move: the flow fixes it."""

# Left and right are the picture's. The mean is mirror-symmetric about x = 96, so one side is placed.
_MIDDLE = {
    "nose_tip": (96.0, 125.0),
    "nose_base": (96.0, 138.0),
    "lip_top": (96.0, 152.5),
    "lip_seam": (96.0, 158.0),
    "lip_bottom": (96.0, 168.0),
    "chin": (96.0, 200.0),
    "hairline": (96.0, 16.0),
}
_LEFT = {
    "eye": (64.0, 88.7),  # the middle of the iris; the canonical 88 is the darkest place, lashes with it
    "mouth": (67.5, 153.5),
    "eye_outer": (47.0, 92.5),
    "eye_inner": (78.0, 91.0),
    "lid_upper": (63.5, 84.0),
    "lid_lower": (63.5, 93.5),
    "brow_outer": (42.0, 80.0),
    "brow_middle": (60.0, 73.5),
    "brow_inner": (84.0, 81.0),
    "nose_wing": (76.0, 128.0),
    "cheek": (52.0, 122.0),
    "temple": (32.0, 56.0),
    "ear_side": (27.0, 112.0),
    "jaw": (39.0, 166.0),
}
POINTS: dict[str, tuple[float, float]] = {
    **{f"{name}_left": place for name, place in _LEFT.items()},
    **{f"{name}_right": (192.0 - x, y) for name, (x, y) in _LEFT.items()},
    **_MIDDLE,
}

# The face oval, hairline to chin and ear to ear.
OVAL: list[tuple[float, float]] = [
    POINTS[name]
    for name in (
        "hairline", "temple_left", "temple_right", "ear_side_left", "ear_side_right", "jaw_left", "jaw_right", "chin",
    )
]
