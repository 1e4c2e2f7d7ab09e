// Marks for clang's thread-safety analysis (-Wthread-safety); they mean nothing to other compilers.
#pragma once

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define FEDMSG_HUB_THREAD_MARK(x) __attribute__((x))
#else
#define FEDMSG_HUB_THREAD_MARK(x)
#endif

#define FEDMSG_HUB_GUARDED_BY(x) FEDMSG_HUB_THREAD_MARK(guarded_by(x))
#define FEDMSG_HUB_REQUIRES(x) FEDMSG_HUB_THREAD_MARK(requires_capability(x))

namespace fedmsg {

// A std::mutex that the analysis knows of.
class FEDMSG_HUB_THREAD_MARK(capability("mutex")) Mutex {
public:
    void lock() FEDMSG_HUB_THREAD_MARK(acquire_capability()) { mutex_.lock(); }
    void unlock() FEDMSG_HUB_THREAD_MARK(release_capability()) { mutex_.unlock(); }

private:
    std::mutex mutex_;
};

// Holds a Mutex for the life of a scope. Has lock() and unlock(), so std::condition_variable_any can wait on it.
class FEDMSG_HUB_THREAD_MARK(scoped_lockable) Lock {
public:
    explicit Lock(Mutex& mutex) FEDMSG_HUB_THREAD_MARK(acquire_capability(mutex)) : mutex_(mutex) { mutex_.lock(); }
    ~Lock() FEDMSG_HUB_THREAD_MARK(release_capability()) {
        if (held_) mutex_.unlock();
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

    void lock() FEDMSG_HUB_THREAD_MARK(acquire_capability()) {
        mutex_.lock();
        held_ = true;
    }
    void unlock() FEDMSG_HUB_THREAD_MARK(release_capability()) {
        mutex_.unlock();
        held_ = false;
    }

private:
    Mutex& mutex_;
    bool held_ = true;
};

}  // namespace fedmsg
