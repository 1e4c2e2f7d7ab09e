#include "genacls/publication.hpp"

#include <optional>
#include <system_error>

namespace genacls {
namespace {

class Publisher {
public:
    Publisher(const std::string& text, const Publication& publication)
        : text_(text),
          publication_(publication),
          generations_(publication.target),
          last_good_(generations_.last_good()) {}

    PublishResult run() {
        if (generations_.is_in_force(text_)) return {PublishResult::End::unchanged, {}};
        const std::string digest = sha256(text_);
        if (last_good_ && *last_good_ != text_) {
            generations_.add(*last_good_);
            after("kept");
        }
        generations_.begin_compiling();
        after("begun");
        put(text_);
        const CompileOutcome compiled = compile(digest);
        after("compiled");
        if (compiled.kind != CompileOutcome::Kind::good) return restore(compiled);
        finish(digest);
        return {PublishResult::End::published, compiled.detail};
    }

private:
    void after(std::string_view step) const {
        if (publication_.after) publication_.after(step);
    }

    void put(const std::string& text) const {
        const Path directory = publication_.target.parent_path();
        const Path fresh = publication_.target.string() + ".next";
        std::filesystem::remove(fresh);
        write_file(fresh, text, publication_.mode);
        after("written");
        std::filesystem::rename(fresh, publication_.target);
        after("renamed");
        sync_directory(directory);
        after("synced");
    }

    CompileOutcome compile(const std::string& digest) const {
        return publication_.compile ? publication_.compile(digest) : CompileOutcome{};
    }

    void finish(const std::string& digest) {
        generations_.mark_compiled(digest);
        after("marked");
        generations_.prune(publication_.keep);
        after("pruned");
    }

    PublishResult restore(const CompileOutcome& refused) {
        if (!last_good_) {
            std::filesystem::remove(publication_.target);
            return {PublishResult::End::broken, refused.detail + "; there is no earlier configuration to put back"};
        }
        put(*last_good_);
        after("restored");
        if (refused.kind == CompileOutcome::Kind::no_answer) return {PublishResult::End::restored, refused.detail};
        const std::string digest = sha256(*last_good_);
        const CompileOutcome again = compile(digest);
        if (again.kind == CompileOutcome::Kind::bad)
            return {PublishResult::End::broken, refused.detail + "; and the earlier configuration: " + again.detail};
        if (again.kind == CompileOutcome::Kind::good) finish(digest);
        return {PublishResult::End::restored, refused.detail};
    }

    const std::string& text_;
    const Publication& publication_;
    Generations generations_;
    const std::optional<std::string> last_good_;
};

}  // namespace

PublishResult publish(const std::string& text, const Publication& publication) {
    try {
        return Publisher(text, publication).run();
    } catch (const std::filesystem::filesystem_error& error) {
        throw FileError(error.what());
    }
}

}  // namespace genacls
