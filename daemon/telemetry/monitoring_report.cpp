#include "daemon/telemetry/monitoring_report.hpp"

#include "bus/json/writer.hpp"

namespace fedmsg::hub {
namespace {

// Adds members to a JSON object of one document.
class Object {
public:
    explicit Object(json::Pool& pool) : pool_(pool), value_(rapidjson::kObjectType) {}

    void text(const char* key, std::string_view text) { add(key, json::make_text(text, pool_)); }
    void number(const char* key, std::uint64_t number) { add(key, json::Value(number)); }
    void real(const char* key, double number) { add(key, json::Value(number)); }
    void boolean(const char* key, bool truth) { add(key, json::Value(truth)); }
    void add(const char* key, json::Value value) { value_.AddMember(json::make_text(key, pool_), value, pool_); }
    json::Value take() { return std::move(value_); }

private:
    json::Pool& pool_;
    json::Value value_;
};

// A single topic stands by itself, as consumers of the original declare it.
json::Value topics_of(const ConsumerSnapshot& consumer, json::Pool& pool) {
    if (consumer.topics.size() == 1) return json::make_text(consumer.topics.front(), pool);
    json::Value list(rapidjson::kArrayType);
    for (const auto& topic : consumer.topics) list.PushBack(json::make_text(topic, pool), pool);
    return list;
}

json::Value array_of(const std::vector<float>& numbers, json::Pool& pool) {
    json::Value list(rapidjson::kArrayType);
    for (const float number : numbers) list.PushBack(static_cast<double>(number), pool);
    return list;
}

template <class Map>
json::Value object_of(const Map& map, json::Pool& pool) {
    json::Value object(rapidjson::kObjectType);
    for (const auto& [key, number] : map) object.AddMember(json::make_text(key, pool), json::Value(number), pool);
    return object;
}

void add_totals(Object& object, const ConsumerSnapshot& consumer, json::Pool& pool) {
    object.text("state", consumer.state);
    object.text("reason", consumer.reason);
    object.number("received_total", consumer.received);
    object.number("attempts_total", consumer.attempts);
    object.number("acked_total", consumer.acked);
    object.number("dropped_total", consumer.dropped);
    object.number("retried_total", consumer.retried);
    object.number("failures_total", consumer.failures);
    object.number("failed_for_good_total", consumer.failed_for_good);
    object.number("missed_total", consumer.missed);
    object.number("failing_in_a_row", consumer.failing_in_a_row);
    object.number("waiting", consumer.waiting);
    object.boolean("lagging", consumer.lagging);
    object.add("counters", object_of(consumer.counters, pool));
    object.add("gauges", object_of(consumer.gauges, pool));
}

json::Value endpoint_of(const EndpointStatus& endpoint, json::Pool& pool) {
    Object object(pool);
    object.text("address", endpoint.address);
    object.boolean("connected", endpoint.connected);
    object.text("peer", endpoint.peer);
    object.text("error", endpoint.error);
    object.number("messages", endpoint.messages);
    object.number("bytes", endpoint.bytes);
    object.number("malformed", endpoint.malformed);
    return object.take();
}

json::Value hub_of(const Snapshot& snapshot, json::Pool& pool) {
    Object hub(pool);
    hub.text("id", snapshot.id);
    hub.text("version", snapshot.version);
    hub.boolean("healthy", snapshot.is_healthy());
    json::Value problems(rapidjson::kArrayType);
    for (const auto& problem : snapshot.problems) problems.PushBack(json::make_text(problem, pool), pool);
    hub.add("problems", std::move(problems));
    hub.number("messages", snapshot.committed);
    hub.add("refused", object_of(snapshot.refused, pool));
    json::Value endpoints(rapidjson::kArrayType);
    for (const auto& endpoint : snapshot.endpoints) endpoints.PushBack(endpoint_of(endpoint, pool), pool);
    hub.add("endpoints", std::move(endpoints));
    return hub.take();
}

json::Value own_producer(double period_seconds, double now, json::Pool& pool) {
    Object object(pool);
    object.text("name", "MonitoringProducer");
    object.text("module", "moksha.hub.monitoring");
    object.boolean("initialized", true);
    object.number("exceptions", 0);
    object.real("frequency", period_seconds);
    object.boolean("now", false);
    object.real("last_ran", now);
    return object.take();
}

json::Value producer_of(const ConsumerSnapshot& producer, json::Pool& pool) {
    Object object(pool);
    object.text("name", producer.name);
    object.text("module", producer.module);
    object.boolean("initialized", producer.is_initialized());
    object.number("exceptions", producer.poll_failures_in_a_row);
    object.real("frequency", std::chrono::duration<double>(producer.period).count());
    object.boolean("now", false);
    object.add("last_ran", producer.last_poll > 0 ? json::Value(producer.last_poll) : json::Value());
    add_totals(object, producer, pool);
    return object.take();
}

}  // namespace

MonitoringReport::MonitoringReport(double period_seconds, TakeTimes take_times)
    : period_seconds_(period_seconds), take_times_(std::move(take_times)) {}

std::string MonitoringReport::next(const Snapshot& snapshot, double now) {
    json::Document report(rapidjson::kObjectType);
    auto& pool = report.GetAllocator();
    json::Value consumers(rapidjson::kArrayType);
    json::Value producers(rapidjson::kArrayType);
    producers.PushBack(own_producer(period_seconds_, now, pool), pool);
    for (const auto& consumer : snapshot.consumers) {
        if (consumer.state == "disabled") continue;
        if (consumer.period.count() > 0) producers.PushBack(producer_of(consumer, pool), pool);
        if (consumer.is_producer) continue;
        Previous& previous = previous_[consumer.name];
        Object object(pool);
        object.text("name", consumer.name);
        object.text("module", consumer.module);
        object.add("topic", topics_of(consumer, pool));
        object.boolean("initialized", consumer.is_initialized());
        object.number("exceptions", consumer.failures - previous.failures);
        object.boolean("jsonify", consumer.wants_json);
        object.add("backlog", consumer.is_initialized() ? json::Value(consumer.backlog) : json::Value());
        object.number("headcount_out", consumer.attempts - previous.attempts);
        object.number("headcount_in", consumer.received - previous.received);
        object.add("times", array_of(take_times_(consumer.name), pool));
        add_totals(object, consumer, pool);
        consumers.PushBack(object.take(), pool);
        previous = {consumer.received, consumer.attempts, consumer.failures};
    }
    report.AddMember("consumers", consumers, pool);
    report.AddMember("producers", producers, pool);
    report.AddMember("hub", hub_of(snapshot, pool), pool);
    return json::relayed(report);
}

}  // namespace fedmsg::hub
