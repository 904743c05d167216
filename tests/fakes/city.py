"""What a city says of itself to its city OS: one kiosk, and one day of one counter."""

from office.cityos.entities import CounterDailyStatistics, Kiosk, Peripherals, Point, Served

CODE, TOWN = "352012", "0001000"
KIOSK = Kiosk(
    id=f"urn:ngsi-ld:Kiosk:{CODE}:K01",
    local_government_code=CODE,
    name="本庁1階 申請端末1",
    location=Point((130.9411, 33.9578)),
    device_state="ok",
    operational_status="inService",
    software_version="1.4.2",
    date_last_value_reported="2026-11-20T00:15:00Z",
    outbox_depth=2,
    outbox_oldest_seconds=30,
    peripheral_state=Peripherals("ok", "ok", "fault"),
)
DAY = CounterDailyStatistics(
    id=f"urn:ngsi-ld:CounterDailyStatistics:{CODE}:honcho:20261120",
    local_government_code=CODE,
    office_name="本庁市民課",
    street_address_id=TOWN,
    date_of_survey="2026-11-20",
    accepted_count=132,
    completed_count=120,
    median_wait_seconds=420,
    p90_wait_seconds=960,
    kiosk_share=0.41,
    by_procedure=(Served("juminhyo", 80),),
    suppression_threshold=10,
)
