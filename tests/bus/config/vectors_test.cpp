// The cases of the configuration vectors, with YAML twins of their inputs (twins/CASE).
#include "tests/support/vectors.hpp"
#include "tests/bus/config/loading.hpp"

namespace fedmsg::config {
namespace {

namespace fs = std::filesystem;

// The twin's own copy: the loader looks at owners and modes, which a checkout may have changed.
class ATwin {
public:
    explicit ATwin(const std::string& name) {
        const fs::path twin = fs::path(CONFIG_TWINS) / name;
        EXPECT_TRUE(fs::exists(twin)) << "no twin of case " << name;
        if (!fs::exists(twin)) return;
        for (const auto& entry : fs::recursive_directory_iterator(twin))
            if (entry.is_regular_file())
                copy_.write(entry.path().lexically_relative(twin).string(), fedmsg::test::read_file(entry.path()));
    }

    Surroundings surroundings(const json::Value& environment) const {
        Surroundings surroundings;
        surroundings.current_directory = copy_.path();
        surroundings.home = copy_ / "home";
        surroundings.system_directory = copy_ / "no-etc";
        surroundings.hostname = "x01.phx2.example.org";
        surroundings.user_id = ::geteuid();
        for (const json::Value& entry : environment.GetArray()) {
            const std::string text(json::text_of(entry));
            surroundings.environment[text.substr(0, text.find('='))] = text.substr(text.find('=') + 1);
        }
        return surroundings;
    }

private:
    fedmsg::test::TemporaryDirectory copy_;
};

Request request_of(const json::Value& arguments) {
    Request request;
    for (rapidjson::SizeType i = 0; i < arguments.Size(); ++i) {
        const std::string_view argument = json::text_of(arguments[i]);
        if (argument == "--disable-defaults") request.defaults = false;
        if (argument == "--config-filename") request.paths = {std::string(json::text_of(arguments[i + 1]))};
    }
    return request;
}

std::string with_host(std::string text) {
    constexpr std::string_view kMark = "@HOSTNAME@";
    for (std::size_t at = 0; (at = text.find(kMark)) != std::string::npos;) text.replace(at, kMark.size(), "x01");
    return text;
}

// What goes wrong, in the words of a case's last line on stderr: only the gist counts.
bool has_gist(const std::string& problems, std::string_view wanted) {
    if (wanted.starts_with("KeyError: 'config'")) return problems.find("list at the top") != std::string::npos;
    if (wanted.starts_with("SyntaxError")) return problems.find("never closed") != std::string::npos;
    return problems.find(wanted.substr(wanted.find(": ") + 2)) != std::string::npos;
}

// Empty, or how the case differs.
std::string difference(const std::string& line) {
    const json::Document vector = json::parse(with_host(line)).value();
    const ATwin twin(std::string(json::text_of(*json::find(vector, "case"))));
    const json::Value* wanted = json::find(vector, "config");
    try {
        const Loaded loaded = load(request_of(*json::find(vector, "args")), built_in_schema(),
                                   twin.surroundings(*json::find(vector, "env")));
        if (wanted == nullptr) return "loads, but should fail";
        const std::string got = json::canonical(loaded.configuration.root());
        return got == json::canonical(*wanted) ? std::string() : "got " + got;
    } catch (const ConfigError& error) {
        if (wanted != nullptr) return error.what();
        return has_gist(error.what(), json::text_of(*json::find(vector, "stderr_last_line"))) ? std::string()
                                                                                              : error.what();
    }
}

TEST(ConfigurationVectors, AllPass) {
    const auto file = fedmsg::test::vector_path("config/expected.jsonl");
    if (!file) GTEST_SKIP() << "the vector directory is not there";
    const auto lines = fedmsg::test::lines_of(*file);
    std::size_t passed = 0;
    for (const std::string& line : lines) {
        const std::string found = difference(line);
        EXPECT_EQ(found, "") << line;
        passed += found.empty() ? 1 : 0;
    }
    fedmsg::test::report_vectors("config", passed, lines.size());
}

}  // namespace
}  // namespace fedmsg::config
