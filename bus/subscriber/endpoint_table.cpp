#include "bus/subscriber/endpoint_table.hpp"

namespace fedmsg {

EndpointTable::Row::Row(std::string address, bool binds) : address_(std::move(address)), binds_(binds) {}

void EndpointTable::Row::set_connection(bool connected, std::string peer, std::string error) {
    const Lock lock(mutex_);
    connected_ = connected;
    peer_ = std::move(peer);
    error_ = std::move(error);
}

EndpointStatus EndpointTable::Row::status() const {
    EndpointStatus status;
    status.address = address_;
    status.binds = binds_;
    status.messages = counters.messages.load(std::memory_order_relaxed);
    status.bytes = counters.bytes.load(std::memory_order_relaxed);
    status.malformed = counters.malformed.load(std::memory_order_relaxed);
    const Lock lock(mutex_);
    status.connected = connected_;
    status.peer = peer_;
    status.error = error_;
    return status;
}

EndpointTable::Row& EndpointTable::add(std::string address, bool binds) {
    const Lock lock(mutex_);
    return *rows_.emplace_back(std::make_unique<Row>(std::move(address), binds));
}

void EndpointTable::remove_last() {
    const Lock lock(mutex_);
    rows_.pop_back();
}

std::size_t EndpointTable::size() const {
    const Lock lock(mutex_);
    return rows_.size();
}

void EndpointTable::add_bound(std::vector<std::string> addresses) {
    const Lock lock(mutex_);
    for (auto& address : addresses) bound_.push_back(std::move(address));
}

std::vector<EndpointStatus> EndpointTable::statuses() const {
    const Lock lock(mutex_);
    std::vector<EndpointStatus> all;
    all.reserve(rows_.size());
    for (const auto& row : rows_) all.push_back(row->status());
    return all;
}

std::vector<std::string> EndpointTable::bound() const {
    const Lock lock(mutex_);
    return bound_;
}

}  // namespace fedmsg
