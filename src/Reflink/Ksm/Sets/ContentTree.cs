using System.Runtime.CompilerServices;

namespace Reflink.Ksm.Sets;

/// <summary>
/// Entries in order of their pages' bytes, as a red-black tree of the same shape as the kernel's (lib/rbtree.c). It is kept only while
/// the pages that a search passes make a difference: a search of merged pages drops freed pages and prunes chains, a search of waiting
/// pages is misled by pages that changed. An entry is the number of a record elsewhere; 0 is no entry.
/// </summary>
internal sealed class ContentTree
{
    private Links[] _links = new Links[64];

    /// <summary>The topmost entry.</summary>
    public int Root { get; private set; }

    /// <summary>Bytes of the tree.</summary>
    public long Bytes => (long)_links.Length * Unsafe.SizeOf<Links>();

    /// <summary>Whether the tree is kept just now.</summary>
    public bool IsKept { get; set; }

    /// <summary>The entry at a place, one step down; 0: none.</summary>
    public int Child(TreePlace place) => Child(place.Parent, place.Right);

    /// <summary>Whether an entry is in the tree.</summary>
    public bool Has(int entry) => IsKept && entry < _links.Length && _links[entry].IsIn;

    /// <summary>Forgets all entries.</summary>
    public void Clear()
    {
        if (IsKept)
        {
            Array.Clear(_links);
            (Root, IsKept) = (0, false);
        }
    }

    /// <summary>Puts an entry in where a search for it ended.</summary>
    public void Insert(int entry, TreePlace place)
    {
        if (entry >= _links.Length)
        {
            Array.Resize(ref _links, Math.Max(entry + 1, _links.Length * 2));
        }

        _links[entry] = new Links { Parent = place.Parent, IsIn = true };
        SetChild(place.Parent, place.Right, entry);
        BalanceAfterInsert(entry);
    }

    /// <summary>Puts an entry in another's place.</summary>
    public void Replace(int old, int entry)
    {
        if (!Has(old))
        {
            return;
        }

        if (entry >= _links.Length)
        {
            Array.Resize(ref _links, Math.Max(entry + 1, _links.Length * 2));
        }

        var links = _links[old];
        _links[entry] = links;
        _links[old].IsIn = false;
        SetChild(links.Parent, links.Parent != 0 && _links[links.Parent].Right == old, entry);
        SetParent(links.Left, entry);
        SetParent(links.Right, entry);
    }

    /// <summary>Takes an entry out.</summary>
    public void Erase(int entry)
    {
        if (!Has(entry))
        {
            return;
        }

        var links = _links[entry];
        _links[entry].IsIn = false;
        int child, parent;
        bool black, right;
        if (links.Left == 0 || links.Right == 0)
        {
            (child, parent, black) = (links.Left == 0 ? links.Right : links.Left, links.Parent, links.IsBlack);
            right = IsRight(entry);
            Splice(entry, child);
        }
        else
        {
            // The next in order takes its place and its colour; what was below that moves up.
            var next = links.Right;
            while (_links[next].Left != 0)
            {
                next = _links[next].Left;
            }

            (child, black) = (_links[next].Right, _links[next].IsBlack);
            right = next == links.Right;
            parent = right ? next : _links[next].Parent;
            if (!right)
            {
                Splice(next, child);
                _links[next].Right = links.Right;
                SetParent(links.Right, next);
            }

            _links[next].Left = links.Left;
            SetParent(links.Left, next);
            SetChild(links.Parent, links.Parent != 0 && _links[links.Parent].Right == entry, next);
            (_links[next].Parent, _links[next].IsBlack) = (links.Parent, links.IsBlack);
        }

        if (black)
        {
            BalanceAfterErase(child, parent, right);
        }
    }

    private int Child(int entry, bool right) => right ? _links[entry].Right : _links[entry].Left;

    private void Splice(int entry, int child)
    {
        var parent = _links[entry].Parent;
        SetChild(parent, IsRight(entry), child);
        SetParent(child, parent);
    }

    private void BalanceAfterInsert(int entry)
    {
        while (_links[entry].Parent is var parent && parent != 0 && !_links[parent].IsBlack)
        {
            var grand = _links[parent].Parent;
            var right = IsRight(parent);
            var uncle = Child(grand, !right);
            if (IsRed(uncle))
            {
                (_links[parent].IsBlack, _links[uncle].IsBlack, _links[grand].IsBlack) = (true, true, false);
                entry = grand;
                continue;
            }

            if (IsRight(entry) != right)
            {
                Rotate(parent, right: right);
                (entry, parent) = (parent, entry);
            }

            (_links[parent].IsBlack, _links[grand].IsBlack) = (true, false);
            Rotate(grand, right: !right);
        }

        _links[Root].IsBlack = true;
    }

    // The side of parent on which child is (or would be) is one black entry short.
    private void BalanceAfterErase(int child, int parent, bool right)
    {
        while (parent != 0 && !IsRed(child))
        {
            var sibling = Child(parent, !right);
            if (IsRed(sibling))
            {
                (_links[sibling].IsBlack, _links[parent].IsBlack) = (true, false);
                Rotate(parent, right);
                sibling = Child(parent, !right);
            }

            if (!IsRed(Child(sibling, right)) && !IsRed(Child(sibling, !right)))
            {
                _links[sibling].IsBlack = false;
                child = parent;
                parent = _links[child].Parent;
                right = parent != 0 && IsRight(child);
                continue;
            }

            if (!IsRed(Child(sibling, !right)))
            {
                (_links[Child(sibling, right)].IsBlack, _links[sibling].IsBlack) = (true, false);
                Rotate(sibling, !right);
                sibling = Child(parent, !right);
            }

            _links[sibling].IsBlack = _links[parent].IsBlack;
            (_links[parent].IsBlack, _links[Child(sibling, !right)].IsBlack) = (true, true);
            Rotate(parent, right);
            return;
        }

        if (child != 0)
        {
            _links[child].IsBlack = true;
        }
    }

    // Turns an entry down to the right (or left); its other child comes up.
    private void Rotate(int entry, bool right)
    {
        var up = Child(entry, !right);
        var middle = Child(up, right);
        var parent = _links[entry].Parent;
        SetChild(parent, parent != 0 && IsRight(entry), up);
        _links[up].Parent = parent;
        if (right)
        {
            (_links[up].Right, _links[entry].Left) = (entry, middle);
        }
        else
        {
            (_links[up].Left, _links[entry].Right) = (entry, middle);
        }

        _links[entry].Parent = up;
        SetParent(middle, entry);
    }

    private bool IsRed(int entry) => entry != 0 && !_links[entry].IsBlack;

    private bool IsRight(int entry) => _links[entry].Parent is var parent && parent != 0 && _links[parent].Right == entry;

    private void SetParent(int entry, int parent)
    {
        if (entry != 0)
        {
            _links[entry].Parent = parent;
        }
    }

    private void SetChild(int parent, bool right, int child)
    {
        if (parent == 0)
        {
            Root = child;
        }
        else if (right)
        {
            _links[parent].Right = child;
        }
        else
        {
            _links[parent].Left = child;
        }
    }

    private struct Links
    {
        public int Parent;
        public int Left;
        public int Right;
        public bool IsBlack;
        public bool IsIn;
    }
}
