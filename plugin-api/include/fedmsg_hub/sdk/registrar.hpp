// Registrar: how a plugin tells the hub which consumers it has.
//
// Threads: the hub calls describe from one thread at a time. It is pure: no files, sockets or threads.
#ifndef FEDMSG_HUB_SDK_REGISTRAR_HPP
#define FEDMSG_HUB_SDK_REGISTRAR_HPP

#include <cstdint>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "description.hpp"
#include "entries.hpp"
#include "shape.hpp"

namespace fedmsg_hub {

namespace detail {

// Descriptions live as long as the library is loaded: the hub keeps pointers to them. One that is known already is used
// again, so that describing anew at each reload needs no memory.
FEDMSG_HUB_DETAIL_HIDDEN inline const Description& keep(Description description) {
    static std::mutex mutex;
    static std::list<Description> kept;
    const std::lock_guard lock(mutex);
    for (const Description& known : kept)
        if (known == description) return known;
    return kept.emplace_back(std::move(description));
}

inline std::vector<fedmsg_hub_text> texts(const std::vector<std::string>& strings) {
    std::vector<fedmsg_hub_text> out;
    for (const std::string& string : strings) out.push_back(text(string));
    return out;
}

// The options in the form that crosses the plugin edge: an array of pointers to structs, all owned here.
class OptionTable {
public:
    explicit OptionTable(const std::vector<Option>& options) {
        help_.reserve(options.size());
        options_.reserve(options.size());
        for (const Option& option : options) {
            help_.push_back(option.help());
            options_.push_back({sizeof(fedmsg_hub_option), option.type(), option.flags(), 0, text(option.name()),
                                text(option.default_json()), text(help_.back())});
        }
        for (const fedmsg_hub_option& option : options_) pointers_.push_back(&option);
    }

    const fedmsg_hub_option* const* data() const noexcept { return pointers_.data(); }
    std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(pointers_.size()); }

private:
    std::vector<std::string> help_;
    std::vector<fedmsg_hub_option> options_;
    std::vector<const fedmsg_hub_option*> pointers_;
};

// Mistakes that the hub could only report less clearly.
template <class T>
void check_description(const Description& description) {
    const std::string& name = description.name();
    if (Can<T>::kTakesMessages && description.topics().empty())
        throw std::logic_error("consumer " + name + ": it has consume but no topics: add .topics({...}) to describe()");
    if (!Can<T>::kTakesMessages && !description.topics().empty())
        throw std::logic_error("consumer " + name + ": it has topics but no function consume");
    if (Can<T>::kPoll && description.period_ms() == 0)
        throw std::logic_error("consumer " + name + ": it has poll but no period: add .every(...) to describe()");
    if (!Can<T>::kPoll && description.period_ms() != 0)
        throw std::logic_error("consumer " + name + ": it has a period but no function poll");
}

}  // namespace detail

class Registrar {
public:
    Registrar(const fedmsg_hub_json* json, const fedmsg_hub_value* configuration, const fedmsg_hub_describe_sink* sink)
        : configuration_(json, configuration), sink_(sink) {}

    // The hub's whole configuration: an object whose keys are the flat names, dots included. For plugins whose number
    // of consumers depends on it; everything else belongs into options.
    Value configuration() const noexcept { return configuration_; }

    // Offers the class as it describes itself.
    template <class T>
    void add() {
        static_assert(detail::check<T>() && detail::check_describe<T>());
        if constexpr (detail::Can<T>::kDescribe) add<T>(T::describe());
    }
    // Offers the class under another description: one class may be several consumers with different names.
    template <class T>
    void add(Description description) {
        static_assert(detail::check<T>());
        if constexpr (detail::kDerives<T>) {  // or the compiler has said enough
            detail::check_description<T>(description);
            const Description& kept = detail::keep(std::move(description));
            offer(kept, detail::Entries<T>::kTable, detail::Entries<T>::kCapabilities);
        }
    }

private:
    void offer(const Description& description, const fedmsg_hub_functions& functions, std::uint32_t capabilities) {
        const auto topics = detail::texts(description.topics());
        const auto prefixes = detail::texts(description.key_prefixes());
        const detail::OptionTable options(description.options());
        fedmsg_hub_consumer consumer{};
        consumer.struct_size = sizeof consumer;
        description.write_to(consumer);
        consumer.capabilities |= capabilities;
        consumer.topics = topics.data();
        consumer.topic_count = static_cast<std::uint32_t>(topics.size());
        consumer.key_prefixes = prefixes.data();
        consumer.key_prefix_count = static_cast<std::uint32_t>(prefixes.size());
        consumer.options = options.data();
        consumer.option_count = options.size();
        consumer.functions = &functions;
        consumer.user = const_cast<Description*>(&description);  // the table takes void*, and only reads
        detail::expect_ok(sink_->add(sink_->arg, &consumer), "the hub does not take consumer " + description.name());
    }

    Value configuration_;
    const fedmsg_hub_describe_sink* sink_;
};

namespace detail {

// The describe entry, for a function that fills a registrar.
template <void (*kDescribe)(Registrar&)>
std::int32_t describe(const fedmsg_hub_json* json, const fedmsg_hub_value* configuration,
                      const fedmsg_hub_describe_sink* sink) noexcept {
    return guarded(sink->error, sink->arg, [&] {
        Registrar registrar(json, configuration, sink);
        kDescribe(registrar);
    });
}

template <class T>
void describe_one(Registrar& registrar) {
    registrar.add<T>();
}

}  // namespace detail
}  // namespace fedmsg_hub

#endif
