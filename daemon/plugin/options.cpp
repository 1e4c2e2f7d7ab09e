#include "daemon/plugin/options.hpp"

#include <fmt/format.h>

#include "daemon/plugin/guard.hpp"
#include "daemon/plugin/json_table.hpp"

namespace fedmsg::hub {
namespace {

class OptionReader {
public:
    OptionReader(const ConsumerDeclaration& consumer, const config::Configuration& configuration)
        : consumer_(consumer), configuration_(configuration) {
        result_.values.SetObject();
    }

    EffectiveOptions read() {
        for (const OptionDeclaration& option : consumer_.options) add(option);
        if (result_.problems.empty()) validate();
        return std::move(result_);
    }

private:
    void add(const OptionDeclaration& option) {
        json::Pool& pool = result_.values.GetAllocator();
        result_.values.AddMember(json::make_text(option.name, pool), value_of_option(option), pool);
    }

    json::Value value_of_option(const OptionDeclaration& option) {
        const json::Value* configured = configuration_.find(option.name);
        if (configured == nullptr || configured->IsNull()) return default_of(option);
        if (!fits_type(*configured, option.type))
            report(configuration_.origin(option.name),
                   fmt::format("`{}` must be {} {}", option.name, option.type == config::Type::integer ? "an" : "a",
                               type_name(option.type)));
        return json::Value(*configured, result_.values.GetAllocator());
    }

    json::Value default_of(const OptionDeclaration& option) {
        if (option.default_json.empty()) {
            if (option.required) report_missing(option);
            return {};
        }
        json::Document value;
        // The declaration has been checked: it parses.
        if (!json::parse(option.default_json, value)) return {};
        return json::Value(value, result_.values.GetAllocator());
    }

    void report_missing(const OptionDeclaration& option) {
        const std::string help = option.help.empty() ? std::string() : " (" + one_line(option.help) + ")";
        report(configuration_.origin(consumer_.config_key),
               fmt::format("needs the option `{}`{}: set it, or set `{}: false`", option.name, help,
                           consumer_.config_key));
    }

    void report(config::Origin origin, const std::string& text) {
        result_.problems.push_back({std::move(origin), fmt::format("consumer {}: {}", consumer_.name, text)});
    }

    void validate() {
        const auto function = consumer_.functions.validate;
        if (function == nullptr) return;
        std::int32_t answer = FEDMSG_HUB_OK;
        const Status thrown = guarded("validate", [&] {
            answer =
                function(consumer_.user, &json_table(), handle_of(result_.values), &OptionReader::take_problem, this);
        });
        if (!thrown)
            report(origin_of({}), thrown.error().text);
        else if (answer != FEDMSG_HUB_OK && result_.problems.empty())
            report(origin_of({}), fmt::format("validate failed without saying why (status {})", answer));
    }

    static void take_problem(void* self, fedmsg_hub_text text) noexcept {
        try {
            auto& reader = *static_cast<OptionReader*>(self);
            const std::string line = one_line(view_of(text));
            reader.report(reader.origin_of(line), line);
        } catch (...) {
            // Memory is short: validate's own status still counts.
        }
    }

    // Where the option that the plugin speaks of was set: the longest name in its text, else the key that enables it.
    config::Origin origin_of(const std::string& problem) const {
        const OptionDeclaration* named = nullptr;
        for (const OptionDeclaration& option : consumer_.options)
            if (configuration_.has(option.name) && problem.find(option.name) != std::string::npos &&
                (named == nullptr || option.name.size() > named->name.size()))
                named = &option;
        return configuration_.origin(named == nullptr ? consumer_.config_key : named->name);
    }

    const ConsumerDeclaration& consumer_;
    const config::Configuration& configuration_;
    EffectiveOptions result_;
};

}  // namespace

EffectiveOptions effective_options(const ConsumerDeclaration& consumer, const config::Configuration& configuration) {
    return OptionReader(consumer, configuration).read();
}

}  // namespace fedmsg::hub
