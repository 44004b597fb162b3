-- What is known as a flight leaves: one row a flight, in the order of departure.
--
-- History counts only flights that have landed by then: departure + 30 minutes + distance / 7.5 miles a minute, all in UTC.
-- The files have local times; fifteen degrees of longitude are an hour.
WITH flight AS (
    SELECT
        raw._file,
        raw._row,
        raw.date AS local_time,
        raw.date - to_hours(CAST(round(airports.longitude / 15) AS INTEGER)) AS departed_at,
        raw.origin,
        raw.destination,
        raw.distance,
        CAST(raw.delay > 15 AS INTEGER) AS late
    FROM raw
    JOIN airports ON airports.iata = raw.origin
),
landing AS ( -- flights and late ones by the minute in which they land
    SELECT
        origin,
        departed_at + to_minutes(CAST(30 + floor(distance / 7.5) AS INTEGER)) AS landed_at,
        count(*) AS flights,
        sum(late) AS late
    FROM flight
    GROUP BY ALL
),
at_origin AS ( -- how many there were from the beginning up to a minute; two such counts give any span of time
    SELECT
        origin,
        landed_at,
        sum(flights) OVER (PARTITION BY origin ORDER BY landed_at ROWS UNBOUNDED PRECEDING) AS flights,
        sum(late) OVER (PARTITION BY origin ORDER BY landed_at ROWS UNBOUNDED PRECEDING) AS late
    FROM landing
),
in_network AS (
    SELECT
        landed_at,
        sum(sum(flights)) OVER (ORDER BY landed_at ROWS UNBOUNDED PRECEDING) AS flights,
        sum(sum(late)) OVER (ORDER BY landed_at ROWS UNBOUNDED PRECEDING) AS late
    FROM landing
    GROUP BY landed_at
),
network AS ( -- once for each minute, of which there are fewer than flights
    SELECT
        departed_at,
        CAST(now.late - coalesce(earlier.late, 0) AS DOUBLE) / nullif(now.flights - coalesce(earlier.flights, 0), 0)
            AS late_share
    FROM (SELECT DISTINCT departed_at FROM flight) AS departure
    ASOF LEFT JOIN in_network AS now ON departed_at > now.landed_at
    ASOF LEFT JOIN in_network AS earlier ON departed_at - INTERVAL 3 HOURS > earlier.landed_at
),
airport AS (
    SELECT
        departure.origin,
        departed_at,
        CAST(now.late - coalesce(earlier.late, 0) AS DOUBLE) / nullif(now.flights - coalesce(earlier.flights, 0), 0)
            AS late_share
    FROM (SELECT DISTINCT origin, departed_at FROM flight) AS departure
    ASOF LEFT JOIN at_origin AS now ON now.origin = departure.origin AND departed_at > now.landed_at
    ASOF LEFT JOIN at_origin AS earlier
        ON earlier.origin = departure.origin AND departed_at - INTERVAL 3 HOURS > earlier.landed_at
)
SELECT
    flight._file,
    flight._row,
    strftime(local_time, '%Y-%m-%dT%H:%M') || '-' || flight.origin || '-' || destination || '-'
        || row_number() OVER (PARTITION BY local_time, flight.origin, destination ORDER BY flight._file, flight._row)
        AS flight,
    departed_at,
    CAST(hour(local_time) AS INTEGER) AS hour,
    CAST(isodow(local_time) AS INTEGER) AS weekday,
    CASE
        WHEN hour(local_time) < 6 THEN 'night'
        WHEN hour(local_time) < 12 THEN 'morning'
        WHEN hour(local_time) < 18 THEN 'afternoon'
        ELSE 'evening'
    END AS part_of_day,
    CAST(distance AS DOUBLE) AS distance,
    flight.origin,
    destination,
    airport.late_share AS late_share_origin,
    network.late_share AS late_share_network,
    flight.late = 1 AS late
FROM flight
JOIN airport USING (origin, departed_at)
JOIN network USING (departed_at)
ORDER BY departed_at, flight.origin, destination, flight
