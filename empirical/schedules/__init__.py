"""How the eps of a robustness profile are attacked, by name: each answers, image by image, who stands at which eps."""

from empirical.schedules.base import Schedule
from empirical.schedules.cold import COLD
from empirical.schedules.warm import WARM

SCHEDULES: dict[str, Schedule] = {"warm": WARM, "literal": COLD}
