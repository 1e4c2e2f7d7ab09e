// A temporary rule directory, and rules to put into it.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "badges/rules/rule_set.hpp"

namespace badges {

class RuleFiles {
public:
    RuleFiles() {
        std::string name = (std::filesystem::temp_directory_path() / "badges-rules-XXXXXX").string();
        EXPECT_NE(mkdtemp(name.data()), nullptr);
        directory_ = name;
    }
    ~RuleFiles() { std::filesystem::remove_all(directory_); }
    RuleFiles(const RuleFiles&) = delete;
    RuleFiles& operator=(const RuleFiles&) = delete;

    void write(const std::string& name, const std::string& text) const {
        std::filesystem::create_directories((directory_ / name).parent_path());
        std::ofstream(directory_ / name, std::ios::binary) << text;
    }
    std::shared_ptr<const RuleSet> load(const RuleSet* previous = nullptr) const {
        return RuleSet::load(directory_, Limits(), previous);
    }
    const std::filesystem::path& directory() const { return directory_; }

    // The keys that every rule has.
    static std::string head(const std::string& name) {
        return "name: \"" + name +
               "\"\nimage_url: https://badges.example.org/a.png\ndescription: Something was done\n" +
               "creator: ralph\ndiscussion: https://badges.example.org/ticket/1\nissuer_id: example\n";
    }
    // A rule that needs `threshold` messages of the topic, the current one included.
    static std::string counting(const std::string& name, const std::string& topic, int threshold) {
        return head(name) + "trigger: {topic: " + topic + "}\nrecipient: '%(msg.user)s'\n" +
               "criteria:\n  datanommer:\n    filter: {topics: ['%(topic)s'], users: ['%(msg.user)s']}\n" +
               "    operation: count\n    condition: {greater than or equal to: " + std::to_string(threshold) + "}\n";
    }

private:
    std::filesystem::path directory_;
};

}  // namespace badges
