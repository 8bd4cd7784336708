package io.tidemark.app.chaos;

/** What is done to a service that counts. */
enum ServiceFault {
    STORM_KILLED("Storm killed"),
    REDIS_KILLED("Redis killed"),
    KAFKA_KILLED("Kafka killed"),
    SERVICE_KILLED("service killed, its children left to themselves"),
    ALL_KILLED("everything killed at once"),
    STORM_STILL("Storm stood still, went on later"),
    REDIS_STILL("Redis stood still, went on later"),
    REDIS_OLDER("Redis killed, back without its last writes");

    private final String text;

    ServiceFault(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
