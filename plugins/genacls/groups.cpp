#include "genacls/groups.hpp"

#include <grp.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <sstream>
#include <utility>
#include <vector>

namespace genacls {
namespace {

using fedmsg_hub::Value;

class NssGroups : public GroupSource {
public:
    Names members_of(const std::string& group) override {
        static constexpr std::size_t kMost = std::size_t{64} << 20;
        for (std::size_t size = std::size_t{64} << 10; size <= kMost; size *= 2) {
            std::vector<char> buffer(size);
            struct group entry {};
            struct group* found = nullptr;
            const int error = ::getgrnam_r(group.c_str(), &entry, buffer.data(), buffer.size(), &found);
            if (error == 0) return found != nullptr ? names_of(*found) : Names();
            if (error != ERANGE) throw InputError("group " + group + ": " + std::strerror(error));
        }
        throw InputError("group " + group + ": its entry is too long");
    }

private:
    static Names names_of(const struct group& entry) {
        Names names;
        for (char** member = entry.gr_mem; *member != nullptr; ++member) names.emplace(*member);
        return names;
    }
};

class FileGroups : public GroupSource {
public:
    FileGroups(std::string path, Fetcher& fetcher) : path_(std::move(path)), fetcher_(fetcher) {}

    Names members_of(const std::string& group) override {
        if (!groups_) groups_ = read_group_file(fetcher_.get(path_).body);
        const auto found = groups_->find(group);
        return found != groups_->end() ? found->second : Names();
    }

private:
    std::string path_;
    Fetcher& fetcher_;
    std::optional<std::map<std::string, Names>> groups_;
};

class HttpGroups : public GroupSource {
public:
    HttpGroups(std::string address, Fetcher& fetcher, ParseJson parse)
        : address_(std::move(address)), fetcher_(fetcher), parse_(std::move(parse)) {}

    Names members_of(const std::string& group) override {
        static constexpr std::string_view kPlace = "{group}";
        std::string address = address_;
        for (std::size_t at = address.find(kPlace); at != std::string::npos; at = address.find(kPlace, at))
            address.replace(at, kPlace.size(), percent_encoded(group));
        const Fetched answer = fetcher_.get(address);
        if (!answer.is_json()) throw InputError(address + ": expected application/json, got " + answer.content_type);
        try {
            return read_members(parse_(answer.body).root());
        } catch (const fedmsg_hub::ValueError& error) {
            throw InputError(address + ": " + error.what());
        } catch (const InputError& error) {
            throw InputError(address + ": " + error.what());
        }
    }

private:
    std::string address_;
    Fetcher& fetcher_;
    ParseJson parse_;
};

std::string member_name(Value member) {
    if (member.is_array()) return member[0].text_or("");
    if (member.is_object()) return member["username"].text_or("");
    return member.text_or("");
}

}  // namespace

std::map<std::string, Names> read_group_file(std::string_view text) {
    std::map<std::string, Names> groups;
    std::istringstream lines{std::string(text)};
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        line = line.substr(0, line.find('#'));
        std::istringstream words(line);
        std::string name;
        if (!(words >> name)) continue;
        if (name.size() < 2 || name.back() != ':')
            throw InputError("group file, line " + std::to_string(number) + ": expected \"name: user user\"");
        name.pop_back();
        Names& members = groups[name];
        for (std::string member; words >> member;) members.insert(member);
    }
    return groups;
}

Names read_members(Value answer) {
    for (const char* key : {"people", "result", "members"}) {
        const Value list = answer[key];
        if (!list.is_array()) continue;
        Names names;
        for (const Value member : list.elements()) {
            std::string name = member_name(member);
            if (name.empty())
                throw InputError(std::string(key) + ": a member without a name: " + member.json().substr(0, 60));
            names.insert(std::move(name));
        }
        return names;
    }
    throw InputError("there is no list of members in the answer");
}

std::unique_ptr<GroupSource> make_group_source(const GroupOptions& options, Fetcher& fetcher, ParseJson parse) {
    if (options.backend == "file") return std::make_unique<FileGroups>(options.file, fetcher);
    if (options.backend == "http") return std::make_unique<HttpGroups>(options.address, fetcher, std::move(parse));
    return std::make_unique<NssGroups>();
}

}  // namespace genacls
