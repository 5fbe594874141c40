"""One pointer in place of thirty arrays: what the kernel's functions pass to each other, so that a call is cheap and machine code exists once.

A tuple of arrays is passed by value, two hundred words a call, so that a function called from two places has to be there twice. The entry point puts the
tuple on its stack once; `m.body` reads the array from there, and what happens seldom is a real call. The run is as fast, the machine code a fifth smaller, and
it compiles in two thirds of the time (decision 28). Without the compiler `m` is the tuple itself.
"""

from typing import Any

from numba import config, types
from numba.core import cgutils
from numba.core.datamodel.models import OpaqueModel
from numba.core.imputils import impl_ret_borrowed
from numba.core.typing.templates import AttributeTemplate
from numba.extending import infer_getattr, intrinsic, lower_getattr_generic, register_model


class Handle(types.Type):
    """The type of a pointer to a tuple of arrays; its name is short, since it stands in every symbol."""

    def __init__(self, sim: Any) -> None:
        self.sim = sim
        super().__init__("Handle")

    @property
    def key(self) -> Any:
        """Two pointers are of one type when their tuples are."""
        return self.sim


register_model(Handle)(OpaqueModel)


@infer_getattr
class HandleAttributes(AttributeTemplate):
    """The fields of the tuple are the attributes of the pointer."""

    key = Handle

    def generic_resolve(self, typ: Handle, attr: str) -> Any:
        """The array's type."""
        return typ.sim.types[typ.sim.fields.index(attr)] if attr in typ.sim.fields else None


@lower_getattr_generic(Handle)
def read_array(context: Any, builder: Any, typ: Handle, value: Any, attr: str) -> Any:
    """Read the array's words from the tuple; those that nobody uses are dropped by the compiler."""
    k = typ.sim.fields.index(attr)
    pointer = builder.bitcast(value, context.get_value_type(typ.sim).as_pointer())
    place = cgutils.gep_inbounds(builder, pointer, 0, k)
    array = typ.sim.types[k]
    whole = context.get_value_type(array)
    result = cgutils.get_null_value(whole)
    for j, element in enumerate(whole.elements):
        if hasattr(element, "count"):
            for n in range(element.count):
                word = builder.load(cgutils.gep_inbounds(builder, place, 0, j, n))
                result = builder.insert_value(result, word, [j, n])
        else:
            result = builder.insert_value(result, builder.load(cgutils.gep_inbounds(builder, place, 0, j)), j)
    return impl_ret_borrowed(context, builder, array, result)


if config.DISABLE_JIT:

    def handle(sim: Any) -> Any:
        """The tuple itself."""
        return sim
else:

    @intrinsic
    def handle(_typing_context: Any, sim: Any) -> Any:
        """Put the tuple on the stack of the caller and point to it."""

        def emit(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
            slot = cgutils.alloca_once(builder, args[0].type)
            builder.store(args[0], slot)
            return builder.bitcast(slot, cgutils.voidptr_t)

        return Handle(sim)(sim), emit
