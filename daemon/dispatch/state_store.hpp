// Durable key-value state of one consumer: one SQLite file, opened at first use, so that a consumer without state costs
// nothing. Belongs to the lane thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bus/base/result.hpp"

namespace fedmsg::hub {

class StateStore {
public:
    static constexpr std::size_t kMaxKeyBytes = 1024;
    static constexpr std::size_t kMaxValueBytes = std::size_t{8} << 20;

    // `file`: created when first written to; its directory must exist then.
    explicit StateStore(std::string file);
    ~StateStore();
    StateStore(StateStore&&) noexcept;

    Result<std::optional<std::string>> get(std::string_view key);
    // Once it has returned, the value survives the death of the process.
    Status put(std::string_view key, std::string_view value);
    Result<bool> remove(std::string_view key);  // false: there was none
    Status keys(std::string_view prefix, const std::function<void(std::string_view)>& each);
    // Once it has returned, everything put before survives a power cut.
    Status sync();

private:
    class Database;
    Result<Database*> database();

    std::string file_;
    std::unique_ptr<Database> database_;
};

}  // namespace fedmsg::hub
