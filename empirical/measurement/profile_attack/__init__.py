"""How the eps of a robustness profile are attacked, by name: each answers, image by image, who stands at which eps."""

from empirical.measurement.profile_attack.adaptive import WARM
from empirical.measurement.profile_attack.base import Schedule
from empirical.measurement.profile_attack.per_eps import COLD

SCHEDULES: dict[str, Schedule] = {"warm": WARM, "literal": COLD}
