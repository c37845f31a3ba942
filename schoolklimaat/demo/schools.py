"""The five schools of the demo. All are invented; the municipalities they are put in know nothing of it."""

from datetime import time
from typing import Any, Final

from schoolklimaat.demo.plans import BuildingPlan, ClassPlan, KitPlan, RoomPlan, SchoolPlan
from sensors.simulate.kits import Fault
from sensors.simulate.spec import SECONDARY_TIMETABLE, MeterSpec, RoomSpec

_STUDY_DAYS: Final = (("Pedagogische studiedag", 10, 2, 2), ("Pedagogische studiedag", 1, 4, 3))
_LOCAL: Final = (*_STUDY_DAYS, ("Lokale verlofdag", 3, 4, 2))


def _classroom(name: str, *, floor: int = 0, area: float = 56.0, building: int = 0, **air: Any) -> RoomPlan:
    slug = name.lower().replace(" ", "-")
    volume = round(area * 3.1, 1)
    return RoomPlan(name, RoomSpec(slug, **{"volume_m3": volume, **air}), floor, area, building)


HEIDE: Final = SchoolPlan(
    slug="demoschool-heide",
    name="Demoschool Heide",
    nis_code="13008",
    level="gewoon basisonderwijs",
    network="officieel gesubsidieerd onderwijs",
    site="Heidelaan 1, 2440 Geel (verzonnen adres)",
    seed=5101,
    pupils=214,
    buildings=(
        BuildingPlan(
            "Hoofdgebouw", 1972, 1850, "gasketel 2004",
            MeterSpec(
                "hoofdgebouw", base_kw=2.6, lighting_kw=8.5, equipment_kw=4.0, kitchen_kw=5.5,
                heat_loss_kw_per_k=3.1, boiler_kw=180, hot_water_kw=2.5, weekend_setback=0.72,
                litres_per_pupil=8.5, pv_kwp=28, first_import_kwh=214_380, first_export_kwh=38_200,
                first_gas_m3=61_240, first_water_m3=4_120, first_pv_kwh=57_900,
            ),
            ("electricity", "gas", "water", "pv"),
        ),
        BuildingPlan(
            "Sporthal", 1994, 620, "gasluchtverhitters",
            MeterSpec(
                "sporthal", base_kw=0.7, lighting_kw=3.2, equipment_kw=0.4, evening_kw=5.6, heat_loss_kw_per_k=1.1,
                boiler_kw=70, weekend_setback=0.2, first_import_kwh=88_010, first_gas_m3=23_900,
            ),
            ("electricity", "gas"),
        ),
    ),
    rooms=(
        _classroom("Lokaal 1A", people=21, airs_at_break=0.75, sun_gain=0.4),
        _classroom("Lokaal 2A", people=23, airs_at_break=0.4),
        _classroom("Lokaal 3A", people=22, opens_at_ppm=1150, sun_gain=0.3),
        _classroom("Lokaal 4A", floor=1, people=24, airs_at_break=0.25, door_ach=0.6, sun_gain=1.3),
        _classroom("Lokaal 4B", floor=1, people=19, airs_at_break=0.8),
        _classroom("Lokaal 5A", floor=1, people=25, airs_at_break=0.3, sun_gain=1.4),
        _classroom("Lokaal 5B", floor=1, people=22, opens_at_ppm=1000, airs_at_break=0.85),
        _classroom("Lokaal 6A", floor=1, people=24, area=62.0, mechanical_ach=3.2, used=0.9, afternoons_out=4),
        _classroom("Refter", area=140.0, people=70, used=0.5, airs_at_break=0.5, sun_gain=0.6),
    ),
    kits=(
        KitPlan("heide-1a", "Luchtmeter 1A", "tasmota", (("klas-1a", "lokaal-1a"),)),
        KitPlan("heide-2a", "Luchtmeter 2A", "esphome", (("klas-2a", "lokaal-2a"),)),
        KitPlan("heide-3a", "Luchtmeter 3A", "airgradient", (("", "lokaal-3a"),)),
        KitPlan(
            "heide-zigbee", "Zigbee-centrale eerste verdieping", "zigbee2mqtt",
            (("Klas 4A", "lokaal-4a"), ("Klas 4B – CO₂-meter", "lokaal-4b")),
        ),
        KitPlan("heide-5a", "Luchtmeter 5A", "co2monitor", (("", "lokaal-5a"),), gap_days_ago=(47, 41)),
        KitPlan("heide-5b", "Klaskit 5B", "own", (("", "lokaal-5b"),), pace=6, yields=True),
        KitPlan("heide-6a", "LoRa-meter 6A", "ttn_v3", (("am103-6a", "lokaal-6a"),), pace=6),
        KitPlan("heide-refter", "Aranet refter", "openmqttgateway", (("", "refter"),), pace=3),
        KitPlan("heide-p1", "P1-lezer hoofdgebouw", "dsmr_raw", meter="hoofdgebouw"),
        KitPlan("heide-zon", "Zonnepanelen hoofdgebouw", "shelly_gen2", meter="hoofdgebouw"),
    ),
    classes=(
        ClassPlan("5B", "HEIDE5", "lokaal-5b", 22, "4271"),
        ClassPlan("3A", "HEIDE3", "lokaal-3a", 22, "4271"),
    ),
    free_days=_LOCAL,
)  # fmt: skip

VEN: Final = SchoolPlan(
    slug="demoschool-ven",
    name="Demoschool Ven",
    nis_code="13040",
    level="gewoon basisonderwijs",
    network="vrij gesubsidieerd onderwijs",
    site="Venstraat 12, 2300 Turnhout (verzonnen adres)",
    seed=5202,
    pupils=168,
    buildings=(
        BuildingPlan(
            "Schoolgebouw", 1936, 1420, "gasketel 2016",
            MeterSpec(
                "schoolgebouw", base_kw=1.4, lighting_kw=6.0, equipment_kw=3.1, heat_loss_kw_per_k=2.9, boiler_kw=150,
                hot_water_kw=1.2, litres_per_pupil=9.0, leak_litres_per_hour=34, first_import_kwh=131_400,
                first_gas_m3=77_310, first_water_m3=6_050,
            ),
        ),
    ),
    rooms=(
        _classroom("Lokaal 1A", people=20, airs_at_break=0.6),
        _classroom("Lokaal 3A", people=24, area=48.0, airs_at_break=0.2, door_ach=0.5),
        _classroom("Lokaal 5A", people=22, opens_at_ppm=1200),
        _classroom("Lokaal 6A", floor=1, people=23, airs_at_break=0.7, opens_at_ppm=1300, sun_gain=1.2),
    ),
    kits=(
        KitPlan("ven-1a", "Luchtmeter 1A", "esphome", (("ven-1a", "lokaal-1a"),)),
        KitPlan(
            "ven-3a", "Luchtmeter 3A", "tasmota", (("ven-3a", "lokaal-3a"),), pace=12, fault=Fault.GARBLED,
            fault_days_ago=9,
        ),
        KitPlan("ven-5a", "Luchtmeter 5A", "airgradient", (("", "lokaal-5a"),)),
        KitPlan("ven-6a", "Klaskit 6A", "own", (("", "lokaal-6a"),), pace=6, yields=True),
        KitPlan("ven-p1", "P1-lezer", "homewizard", meter="schoolgebouw"),
    ),
    classes=(ClassPlan("6A-B", "VEN6AB", "lokaal-6a", 23, "9638"),),
    free_days=_STUDY_DAYS,
)  # fmt: skip

DUIN: Final = SchoolPlan(
    slug="demoschool-duin",
    name="Demoschool Duin",
    nis_code="13011",
    level="gewoon secundair onderwijs",
    network="GO! onderwijs van de Vlaamse Gemeenschap",
    site="Duinweg 30, 2200 Herentals (verzonnen adres)",
    seed=5303,
    pupils=640,
    buildings=(
        BuildingPlan(
            "Blok A", 2011, 5400, "condenserende gasketel 2011",
            MeterSpec(
                "blok-a", base_kw=9.5, lighting_kw=21.0, equipment_kw=19.0, kitchen_kw=14.0, evening_kw=7.0,
                heat_loss_kw_per_k=4.6, boiler_kw=320, hot_water_kw=5.0, litres_per_pupil=6.0, pv_kwp=110,
                first_import_kwh=902_110, first_export_kwh=141_000, first_gas_m3=118_450, first_water_m3=15_800,
                first_pv_kwh=402_000,
            ),
            ("electricity", "gas", "water", "pv"),
        ),
    ),
    rooms=(
        _classroom("Lokaal A101", floor=1, people=24, litres_per_hour=16.5, mechanical_ach=3.6, used=0.85),
        _classroom("Lokaal A102", floor=1, people=22, litres_per_hour=16.5, mechanical_ach=3.6, used=0.85),
        _classroom("Lokaal A203", floor=2, people=26, litres_per_hour=16.5, mechanical_ach=2.2, sun_gain=1.4),
        _classroom("Labo", area=80.0, people=20, litres_per_hour=16.5, mechanical_ach=4.5, used=0.6),
    ),
    kits=(
        KitPlan(
            "duin-lora", "LoRa-gateway blok A", "ttn_v3",
            (("am103-a101", "lokaal-a101"), ("am103-a102", "lokaal-a102"), ("am103-a203", "lokaal-a203")), pace=6,
        ),
        KitPlan("duin-labo", "Klaskit labo", "own", (("", "labo"),), pace=6, yields=True),
        KitPlan("duin-dsmr", "DSMR-reader blok A", "dsmr_reader", meter="blok-a"),
        KitPlan("duin-zon", "Zonnepanelen blok A", "shelly_gen2", meter="blok-a"),
    ),
    classes=(ClassPlan("3 Natuurwetenschappen", "DUIN3", "labo", 20, "7316"),),
    timetable=SECONDARY_TIMETABLE,
    closes=time(17, 0),
    free_days=_STUDY_DAYS,
)  # fmt: skip

WILG: Final = SchoolPlan(
    slug="demoschool-wilg",
    name="Demoschool Wilg",
    nis_code="13017",
    level="buitengewoon basisonderwijs",
    network="vrij gesubsidieerd onderwijs",
    site="Wilgendreef 4, 2460 Kasterlee (verzonnen adres)",
    seed=5404,
    pupils=92,
    buildings=(
        BuildingPlan(
            "Paviljoenen", 1965, 1150, "gasketel 1998",
            MeterSpec(
                "paviljoenen", base_kw=1.9, lighting_kw=4.6, equipment_kw=2.2, kitchen_kw=6.0, heat_loss_kw_per_k=2.7,
                boiler_kw=140, hot_water_kw=3.5, weekend_setback=0.0, litres_per_pupil=14, first_import_kwh=77_020,
                first_gas_m3=84_600, first_water_m3=3_310,
            ),
        ),
    ),
    rooms=(
        _classroom("Klas Eik", area=44.0, people=10, airs_at_break=0.8),
        _classroom("Klas Berk", area=44.0, people=9, airs_at_break=0.5),
        _classroom("Snoezelruimte", area=30.0, people=5, used=0.5, airs_at_break=0.3, door_ach=0.4),
    ),
    kits=(
        KitPlan(
            "wilg-zigbee", "Zigbee-centrale", "zigbee2mqtt", (("Eik", "klas-eik"), ("Berk", "klas-berk")),
        ),
        KitPlan(
            "wilg-snoezel", "Luchtmeter snoezelruimte", "esphome", (("snoezel", "snoezelruimte"),),
            fault=Fault.SILENT, fault_days_ago=23,
        ),
        KitPlan("wilg-p1", "P1-lezer", "homewizard", meter="paviljoenen"),
    ),
    classes=(ClassPlan("Eik", "WILGEIK", "klas-eik", 10, "5824"),),
    free_days=_STUDY_DAYS,
)  # fmt: skip

AKKER: Final = SchoolPlan(
    slug="demoschool-akker",
    name="Demoschool Akker",
    nis_code="13035",
    level="gewoon basisonderwijs",
    network="officieel gesubsidieerd onderwijs",
    site="Akkerpad 2, 2380 Ravels (verzonnen adres)",
    seed=5505,
    pupils=61,
    buildings=(
        BuildingPlan(
            "Dorpsschool", 1908, 540, "gasketel 2009",
            MeterSpec(
                "dorpsschool", base_kw=0.6, lighting_kw=2.4, equipment_kw=1.3, heat_loss_kw_per_k=1.2, boiler_kw=60,
                litres_per_pupil=7.5, pv_kwp=12, first_import_kwh=40_230, first_export_kwh=9_100, first_gas_m3=29_700,
                first_water_m3=1_020, first_pv_kwh=21_300,
            ),
        ),
    ),
    rooms=(
        _classroom("Graadklas 1", people=19, airs_at_break=0.6),
        _classroom("Graadklas 2", people=21, opens_at_ppm=1200),
        _classroom("Graadklas 3", people=20, airs_at_break=0.4, sun_gain=1.3),
    ),
    kits=(
        KitPlan("akker-1", "Luchtmeter graadklas 1", "co2monitor", (("", "graadklas-1"),)),
        KitPlan("akker-2", "Klaskit graadklas 2", "own", (("", "graadklas-2"),), pace=6, yields=True),
        KitPlan("akker-3", "Aranet graadklas 3", "openmqttgateway", (("", "graadklas-3"),), pace=3),
        KitPlan("akker-p1", "P1-lezer", "dsmr_raw", meter="dorpsschool"),
    ),
    classes=(ClassPlan("Graadklas 3", "AKKER3", "graadklas-3", 20, "6149"),),
    free_days=_LOCAL,
)  # fmt: skip

SCHOOLS: Final = (HEIDE, VEN, DUIN, WILG, AKKER)
